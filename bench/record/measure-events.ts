/** What the measures beside cost, revocation, size and mistakes record: raw values, nothing computed. */

import type { AttackTried } from './attack-events.ts';
import type { BackgroundMeasured } from './background-events.ts';
import type { ChaosPerformed } from './chaos-events.ts';
import type { FaultInflicted, FaultNotRun, FaultObserved } from './fault-events.ts';
import type { LifecycleMeasured, RoleChangeMeasured } from './lifecycle-events.ts';
import type { LinkMeasured } from './link-events.ts';
import type { OpenLoopMeasured } from './open-loop-events.ts';
import type { LoginRefused } from './size-events.ts';
import type { StateMeasured } from './state-events.ts';
import type { TokenCacheCounted } from './token-cache-events.ts';

/** One of each measure, or several. */
export type MeasureEvent =
  | StateMeasured
  | OpenLoopMeasured
  | LifecycleMeasured
  | RoleChangeMeasured
  | LinkMeasured
  | LoginRefused
  | TokenCacheCounted
  | BackgroundMeasured
  | FaultInflicted
  | FaultObserved
  | FaultNotRun
  | AttackTried
  | ChaosPerformed;
