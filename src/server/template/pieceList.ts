import type { Piece } from './template.ts';

/** Collects the pieces of a text; neighbouring texts become one. */
export class PieceList {
  readonly #pieces: Piece[] = [];
  #text = '';

  text(text: string): void {
    this.#text += text;
  }

  add(piece: Piece): void {
    this.#flush();
    this.#pieces.push(piece);
  }

  done(): readonly Piece[] {
    this.#flush();
    return this.#pieces;
  }

  #flush(): void {
    if (this.#text !== '') this.#pieces.push({ kind: 'text', text: this.#text });
    this.#text = '';
  }
}
