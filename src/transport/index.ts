export { type Downloaded, type DownloadLimits, type DownloadOptions, defaultDownloadLimits, download, shownUrl } from './http.ts';
