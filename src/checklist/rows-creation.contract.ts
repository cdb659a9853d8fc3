/** The checklist's sections A, B: how sessions and tokens are made, and how cookies carry them. Data only. */

import type { Row } from './row.contract.ts';

export const rowsOfCreation: readonly Row[] = [];
