export {
  type Advisories,
  AdvisorySession,
  exportFeeds,
  type ImportOptions,
  type ImportRequest,
  type ImportResult,
  importAdvisories,
  importFeeds,
  openAdvisories,
  pruneFeeds,
  type SyncOptions,
  type SyncRequest,
  type SyncResult,
  syncFeeds,
  VexSet,
} from './advisories/index.ts';
export { readBinaryRules } from './binary-rule-file.ts';
export { type CatalogKind, type CatalogRequest, catalogKinds, catalogOfImages } from './catalog-of-images.ts';
export { type ErrorCode, errorCodes, exitCodeOf, exitCodes, PortcullisError } from './errors.ts';
export { type EvidenceRequest, evidenceOfImages } from './evidence-of-images.ts';
export { explanationOfImages } from './explanation-of-images.ts';
export { type GateRequest, gate, type ImageRequest } from './gate.ts';
export {
  formatPlatform,
  imagesOfCompose,
  imagesOfKubernetes,
  type NamedImage,
  type NamedImages,
  type Place,
  type PlatformChoice,
  parsePlatform,
  parsePlatformChoice,
} from './image/index.ts';
export { type ClamavPlace, parseClamavPlace } from './inspect/index.ts';
export type * from './model/index.ts';
export {
  builtinPolicies,
  gateHelp,
  judge,
  parseGlobalWhitelist,
  parseImageWhitelist,
  parsePolicy,
  policyTemplate,
  readBuiltinPolicy,
  requestsOf,
  withExceptions,
} from './policy/index.ts';
export { catalogReporterNamed, catalogReporters, evidenceJson, reporterNamed, reporters } from './reports/index.ts';
export { defaultRegistryLimits, defaultRegistryOptions, type Mirror, type RegistryLimits, type RegistryOptions } from './transport/index.ts';
export { version } from './version.ts';
export { type VulnerabilitiesRequest, vulnerabilitiesOfImages } from './vulnerabilities-of-images.ts';
