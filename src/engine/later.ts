/** Something that is loaded once: when it is first needed, or ahead of that. */
export class Later<T> {
  readonly #load: () => Promise<T>;
  #loading: Promise<T> | undefined;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  get(): Promise<T> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** What was loaded, or undefined where nobody has needed it yet or where it could not be loaded. */
  async ifLoaded(): Promise<T | undefined> {
    return this.#loading?.catch(() => undefined);
  }
}
