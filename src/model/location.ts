/** Where a fact comes from: a path in the image, the layer that wrote it, the line. */
export interface Location {
  /** Absolute, `/var/lib/dpkg/status`. */
  readonly path: string;
  /** Index from 0, the base. Absent where the source has no layers. */
  readonly layer?: number;
  /** From 1. */
  readonly line?: number;
  /** Within an archive: the member's path; in archives within it joined by `!/`: `lib/inner.war!/WEB-INF/lib/a.jar`. */
  readonly member?: string;
}
