/** The checklist's sections C, D: how signed tokens are verified, and how their keys live. Data only. */

import type { Row } from './row.contract.ts';

export const rowsOfTokens: readonly Row[] = [];
