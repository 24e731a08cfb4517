// The pictures of the application and of its tables: one shape in one colour each, which Dynamics tints.

const svg = (path: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 32 32"><path fill="#000091" fill-rule="evenodd" d="${path}"/></svg>`;

/** A calendar with a tick. */
const CALENDAR = 'M9 3h3v3h8V3h3v3h5v23H4V6h5V3zm-2 9v14h18V12H7zm12.6 2.6 1.9 1.9-7 7-4-4 1.9-1.9 2.1 2.1 5.1-5.1z';
const HEAD = 'M12 3a6 6 0 1 1 0 12 6 6 0 0 1 0-12z';

export interface Icon {
  /** Of the web resource. */
  readonly name: string;
  readonly svg: string;
}

const icon = (name: string, path: string): Icon => ({ name: `rdvs_/icons/${name}.svg`, svg: svg(path) });

export const appIcon: Icon = icon('rdv', CALENDAR);

/** By table, for the site map. */
export const tableIcons: Readonly<Record<string, Icon>> = {
  appointment: appIcon,
  rdvs_participation: icon(
    'participation',
    `${HEAD}M2 28c0-7 4-11 10-11 2.4 0 4.5.7 6.1 1.9L14 23l-.5 5H2zm26.2-10 1.8 1.9-9.5 9.6-5-5 1.9-1.9 3.1 3.1 7.7-7.7z`,
  ),
  contact: icon('usager', 'M16 3a6 6 0 1 1 0 12 6 6 0 0 1 0-12zM5 29c0-7 4.5-12 11-12s11 5 11 12H5z'),
  rdvs_referent: icon(
    'referent',
    `${HEAD}M2 28c0-7 4-11 10-11s10 4 10 11H2zm23-18 1.5 3.1 3.5.5-2.5 2.4.6 3.5L25 17.8l-3.1 1.7.6-3.5L20 13.6l3.5-.5L25 10z`,
  ),
  rdvs_duplicate: icon('doublon', 'M3 3h17v6h9v20H12v-6H3V3zm3 3v14h6V9h5V6H6zm9 6v14h11V12H15z'),
  rdvs_motif: icon('motif', 'M4 4h12l13 13-12 12L4 16V4zm6 3a3 3 0 1 0 0 6 3 3 0 0 0 0-6z'),
  rdvs_link: icon(
    'lien',
    'M10 9h5v3h-5a4 4 0 0 0 0 8h5v3h-5a7 7 0 0 1 0-14zm7 0h5a7 7 0 0 1 0 14h-5v-3h5a4 4 0 0 0 0-8h-5V9zm-6 5.5h10v3H11v-3z',
  ),
  rdvs_incident: icon('incident', 'M16 3l14 26H2L16 3zm-1.5 10v8h3v-8h-3zm0 10v3h3v-3h-3z'),
  rdvs_run: icon(
    'passage',
    'M16 3a13 13 0 1 1 0 26 13 13 0 0 1 0-26zm0 3a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.5 3h3v6.4l5 3.6-1.8 2.4-6.2-4.5V9z',
  ),
};

/** Each once. */
export const icons: readonly Icon[] = [...new Set([appIcon, ...Object.values(tableIcons)])];
