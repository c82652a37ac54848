import { deepStrictEqual } from 'node:assert';
import type { CatalogFacts, CatalogKind, Cataloger, CatalogProblem } from '../catalog/cataloger.ts';
import type { Request } from '../model/index.ts';
