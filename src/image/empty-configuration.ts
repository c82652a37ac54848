import type { ImageConfiguration } from '../model/index.ts';

/** Of what brings no configuration (a directory, an SBOM, an evidence file): nothing is known. */
export const emptyConfiguration: ImageConfiguration = {
  user: '',
  exposedPorts: [],
  env: [],
  entrypoint: [],
  cmd: [],
  workingDir: '',
  labels: {},
  volumes: [],
  healthcheck: null,
  created: null,
  history: [],
};
