/** One Dockerfile instruction. */
export interface DockerfileInstruction {
  /** Upper case: `FROM`. */
  readonly keyword: string;
  /** Everything after the keyword, continuations joined, variables as written. */
  readonly arguments: string;
  /** From 1; in a rebuilt Dockerfile the index of the history line, from 1. */
  readonly line: number;
  /** Build stage, from 0. */
  readonly stage: number;
}

/**
 * The Dockerfile of an image. `given`: the caller's claim (`--dockerfile`). `rebuilt`: from the image's history,
 * which doesn't hold FROM lines nor comments nor build stages. `none`: neither.
 */
export interface Dockerfile {
  readonly mode: 'given' | 'rebuilt' | 'none';
  /** The file's path as the caller typed it. */
  readonly path: string | null;
  readonly instructions: readonly DockerfileInstruction[];
}
