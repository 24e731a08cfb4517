// Every request to the Web API, for assertions such as "two requests per notification".

export interface RequestRecord {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** 0 when the socket was cut before a status was sent. */
  readonly status: number;
  readonly durationMs: number;
  /** Operations in a `$batch`. */
  readonly parts?: number | undefined;
}

export class RequestLog {
  #records: RequestRecord[] = [];

  get records(): readonly RequestRecord[] {
    return this.#records;
  }

  add(record: RequestRecord): void {
    this.#records.push(record);
  }

  clear(): void {
    this.#records = [];
  }
}
