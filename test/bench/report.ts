// What a measure finds, as data: figures, the bars they are held against, tables and plots.

/** What a figure must reach. Ratios and counts only: times of one machine say nothing on another. */
export type Bar = { readonly atMost: number } | { readonly atLeast: number };

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar?: Bar;
  /** A bar that is known not to hold: why, and which value (instead of the bar's) makes the run fail. */
  readonly shortfall?: { readonly accepted: number; readonly why: string };
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** An image beside the document. */
export interface Plot {
  /** File name, without folder. */
  readonly file: string;
  /** What it shows, for whoever cannot see it. */
  readonly caption: string;
  readonly svg: string;
}

export interface Report {
  readonly title: string;
  /** How it was measured, in Markdown. */
  readonly text: readonly string[];
  readonly figures: readonly Figure[];
  readonly tables?: readonly Table[];
  readonly plots?: readonly Plot[];
}

export interface Extent {
  /** `full` takes longer and covers more; `small` only shows that a measure runs. */
  readonly extent: 'small' | 'usual' | 'full';
  readonly say: (line: string) => void;
}

export type Measure = (extent: Extent) => Promise<Report>;

/** Whether a figure reaches its bar; one without a bar is only told. A figure that is no number reaches none. */
export function holds({ value, bar }: Figure): boolean {
  if (bar === undefined) return true;
  return 'atMost' in bar ? value <= bar.atMost : value >= bar.atLeast;
}

/** Whether a figure makes the run fail: below its bar, or below what is accepted where the bar is known not to hold. */
export function fails(figure: Figure): boolean {
  const { bar, shortfall, value } = figure;
  if (bar === undefined || shortfall === undefined) return !holds(figure);
  const accepted = 'atMost' in bar ? { atMost: shortfall.accepted } : { atLeast: shortfall.accepted };
  return !holds({ name: figure.name, unit: figure.unit, value, bar: accepted });
}
