// Small SVG plots: lines over time or size, readable on light and dark ground.

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** A stepped line holds each value until the next point. */
  readonly stepped?: boolean;
}

export interface Axes {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** A horizontal line with a name, for a limit. */
  readonly limit?: { readonly name: string; readonly at: number };
}

const WIDTH = 760;
const HEIGHT = 320;
const MARGIN = { left: 64, right: 16, top: 40, bottom: 66 };
const COLOURS = ['#0b6bcb', '#c2410c', '#15803d', '#7c3aed'];

/** An SVG of one or more lines. */
export function plotLines({ title, x, y, series, limit }: Axes): string {
  const points = series.flatMap((one) => one.points);
  const across = axis(points.map(([value]) => value));
  const up = axis([...points.map(([, value]) => value), ...(limit === undefined ? [] : [limit.at])]);
  const left = (value: number) => MARGIN.left + (value / across.end) * (WIDTH - MARGIN.left - MARGIN.right);
  const top = (value: number) => HEIGHT - MARGIN.bottom - (value / up.end) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const lines = series.map((one, at) => path(one, { left, top, colour: colourOf(at) }));
  const legend = series.map(({ name }, at) => {
    const from = MARGIN.left + at * 170;
    return (
      `<line x1="${from}" x2="${from + 18}" y1="${HEIGHT - 14}" y2="${HEIGHT - 14}" stroke="${colourOf(at)}" stroke-width="3"/>` +
      text(from + 24, HEIGHT - 10, name)
    );
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${MARGIN.left}" y="20" font-size="14" font-weight="bold" fill="#1f2937">${escaped(title)}</text>`,
    ...up.ticks.map(
      (tick) =>
        `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${round(top(tick))}" y2="${round(top(tick))}" stroke="#e5e7eb"/>${text(MARGIN.left - 8, top(tick) + 4, label(tick), 'end')}`,
    ),
    ...across.ticks.map((tick) => text(left(tick), HEIGHT - MARGIN.bottom + 18, label(tick), 'middle')),
    text((WIDTH + MARGIN.left) / 2, HEIGHT - MARGIN.bottom + 36, x, 'middle'),
    text(MARGIN.left, MARGIN.top - 6, y),
    ...(limit === undefined
      ? []
      : [
          `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${round(top(limit.at))}" y2="${round(top(limit.at))}" stroke="#6b7280" stroke-dasharray="5 4"/>`,
          text(WIDTH - MARGIN.right, top(limit.at) - 5, limit.name, 'end'),
        ]),
    ...lines,
    ...legend,
    '</svg>',
  ].join('\n')}\n`;
}

interface Frame {
  readonly left: (value: number) => number;
  readonly top: (value: number) => number;
  readonly colour: string;
}

function path({ points, stepped }: Series, { left, top, colour }: Frame): string {
  const d = points.map(([x, y], at) => {
    const [h, v] = [round(left(x)), round(top(y))];
    if (at === 0) return `M${h} ${v}`;
    return stepped ? `H${h}V${v}` : `L${h} ${v}`;
  });
  return `<path d="${d.join('')}" fill="none" stroke="${colour}" stroke-width="1.8"/>`;
}

const colourOf = (at: number): string => COLOURS[at % COLOURS.length] ?? '#000000';

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end' = 'start'): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="#374151">${escaped(content)}</text>`;
}

/** From 0 to a round number above the largest value, in four to eight steps. */
export function axis(values: readonly number[]): { readonly end: number; readonly ticks: readonly number[] } {
  const largest = Math.max(...values, 0) || 1;
  const magnitude = 10 ** Math.floor(Math.log10(largest / 4));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * magnitude).find((one) => largest / one <= 7) ?? largest;
  const steps = Math.ceil(largest / step);
  return { end: steps * step, ticks: Array.from({ length: steps + 1 }, (_, at) => at * step) };
}

const label = (value: number): string => Number(value.toPrecision(6)).toLocaleString('en');
const round = (value: number): number => Math.round(value * 10) / 10;

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
