/** The checklist's sections E, F, G: timeouts, revocation, rotation, login, errors. Data only. */

import type { Row } from './row.contract.ts';

export const rowsOfRevocation: readonly Row[] = [];
