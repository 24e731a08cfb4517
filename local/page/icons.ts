// A line drawing, as text: the page loads nothing from elsewhere.

/** A blue square with a calendar: an address of its own, so that no file is asked for. */
export const favicon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect width="20" height="20" rx="4" fill="#0f548c"/>' +
    '<path d="M4.5 6h11v9.5h-11ZM4.5 9h11M7.5 4v3M12.5 4v3" fill="none" stroke="#fff" stroke-width="1.5"/></svg>',
)}`;
