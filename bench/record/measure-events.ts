/** What the measures beside cost, revocation, size and mistakes record: raw values, nothing computed. */

import type { LifecycleMeasured, RoleChangeMeasured } from './lifecycle-events.ts';
import type { LinkMeasured } from './link-events.ts';

/** One of each measure, or several. */
export type MeasureEvent = LifecycleMeasured | RoleChangeMeasured | LinkMeasured;
