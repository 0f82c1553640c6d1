/** Asks one kind of question again and again; only the answer to the last one counts. */
export class Latest {
  #abort: AbortController | undefined;

  /**
   * Gives up the question before.
   * @returns whether `use` got the answer; false where another question came meanwhile
   * @throws what `ask` throws, for the last question only
   */
  async run<T>(
    ask: (signal: AbortSignal) => Promise<T>,
    use: (answer: T) => void,
  ): Promise<boolean> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const answer = await ask(abort.signal);
      if (this.#abort !== abort) return false;
      use(answer);
      return true;
    } catch (error) {
      if (this.#abort !== abort) return false;
      throw error;
    }
  }
}
