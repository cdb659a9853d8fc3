/** What on this machine would spoil a measurement, what it would spoil, and how to mend it. */

import type { RedisFacts } from '../record/run-events.ts';
import type { Pinning } from './cores.ts';

export interface HealthFacts {
  /** `v20.19.0`. */
  readonly nodeVersion: string;
  readonly cores: number;
  /** Null: parts of the lab cannot be kept apart. */
  readonly pinning: Pinning | null;
  /** How the kernel sets the clock rate of the cores, each once; empty where it does not tell. */
  readonly governors: readonly string[];
  readonly availableMemoryBytes: number;
  /** Of the last minute. */
  readonly loadAverage: number;
  /** Of the time of all cores, what a hypervisor gave to others; null where the kernel does not tell. */
  readonly stolenShare: number | null;
  /** By how much a timer came late at most, in the second that was watched. */
  readonly latestTimerMillis: number;
  /** Free where Redis and the nodes keep their files. */
  readonly freeDiskBytes: number;
  /** As a run would find it; or why a run would not begin. */
  readonly redis: { readonly facts: RedisFacts } | { readonly fault: string; readonly remedy: string };
}

export interface Finding {
  readonly subject: string;
  /** `prevents`: no run begins. `weakens`: figures are worth less. */
  readonly state: 'fine' | 'weakens' | 'prevents';
  readonly found: string;
  /** What it spoils, and how it is mended; empty where it is fine. */
  readonly spoils: string;
  readonly remedy: string;
}

const gibibyte = 2 ** 30;

/** From when on something is told as a weakness. */
const limits = {
  nodeMajor: 20,
  nodeMinor: 19,
  cores: 3,
  /** A node takes about a tenth of it; `quick` has eighteen of them. */
  memoryBytes: 3 * gibibyte,
  /** Of all cores. */
  loadShare: 0.25,
  stolenShare: 0.02,
  timerMillis: 10,
  diskBytes: gibibyte,
} as const;

/** In the order in which they are told; every subject has one. */
export function findingsOf(facts: HealthFacts): Finding[] {
  return [
    nodeFinding(facts),
    coreFinding(facts),
    governorFinding(facts),
    memoryFinding(facts),
    loadFinding(facts),
    stolenFinding(facts),
    timerFinding(facts),
    diskFinding(facts),
    redisFinding(facts),
  ];
}

function fine(subject: string, found: string): Finding {
  return { subject, state: 'fine', found, spoils: '', remedy: '' };
}

function nodeFinding({ nodeVersion }: HealthFacts): Finding {
  const [major = 0, minor = 0] = nodeVersion.replace('v', '').split('.').map(Number);
  const isOld = major < limits.nodeMajor || (major === limits.nodeMajor && minor < limits.nodeMinor);
  if (!isOld) return fine('Node', nodeVersion);
  return {
    subject: 'Node',
    state: 'prevents',
    found: nodeVersion,
    spoils: 'Programs and tests may not start.',
    remedy: `Install Node ${limits.nodeMajor}.${limits.nodeMinor} or newer.`,
  };
}

function coreFinding({ cores, pinning }: HealthFacts): Finding {
  const found = `${cores} ${cores === 1 ? 'core' : 'cores'}, ${pinning === null ? 'parts cannot be kept on their own' : 'parts are kept on their own'}`;
  if (pinning === null) {
    return {
      subject: 'cores',
      state: 'weakens',
      found,
      spoils: 'Server, load and Redis take each other’s time: cost, throughput and latency.',
      remedy: 'Use Linux with two cores or more and taskset (util-linux); in a container, allow it more cores.',
    };
  }
  if (cores >= limits.cores) return fine('cores', found);
  return {
    subject: 'cores',
    state: 'weakens',
    found,
    spoils: 'Redis and the load generator share one: latency, and the load that can be made.',
    remedy: `Use a machine with ${limits.cores} cores or more.`,
  };
}

function governorFinding({ governors }: HealthFacts): Finding {
  if (governors.length === 0) return fine('clock rate', 'not told here (usual in virtual machines)');
  const found = `governor ${governors.join(', ')}`;
  if (governors.every((governor) => governor === 'performance')) return fine('clock rate', found);
  return {
    subject: 'clock rate',
    state: 'weakens',
    found,
    spoils: 'Cores are faster under load than beside it: latency at low rates, idle revocation.',
    remedy: 'cpupower frequency-set --governor performance',
  };
}

function memoryFinding({ availableMemoryBytes }: HealthFacts): Finding {
  const found = `${gibibytes(availableMemoryBytes)} GiB available`;
  if (availableMemoryBytes >= limits.memoryBytes) return fine('memory', found);
  return {
    subject: 'memory',
    state: 'weakens',
    found,
    spoils: 'Each strategy has processes of its own; where they are swapped out every time is too long.',
    remedy: 'Close other programs, or take fewer strategies in one run.',
  };
}

function loadFinding({ loadAverage, cores }: HealthFacts): Finding {
  const found = `load average ${loadAverage.toFixed(2)} on ${cores} ${cores === 1 ? 'core' : 'cores'}`;
  if (loadAverage <= limits.loadShare * cores) return fine('other load', found);
  return {
    subject: 'other load',
    state: 'weakens',
    found,
    spoils: 'Everything that is a time: intervals get wider, verdicts become "cannot tell".',
    remedy: 'Stop what else is running (top shows it), and wait a minute.',
  };
}

function stolenFinding({ stolenShare }: HealthFacts): Finding {
  if (stolenShare === null) return fine('hypervisor', 'not told here');
  const found = `gave ${(100 * stolenShare).toFixed(1)} % of the time to others`;
  if (stolenShare <= limits.stolenShare) return fine('hypervisor', found);
  return {
    subject: 'hypervisor',
    state: 'weakens',
    found,
    spoils: 'Throughput, and every latency from the 99th percentile on.',
    remedy: 'Use a machine of your own, or cores that are reserved for you; measure at another hour.',
  };
}

function timerFinding({ latestTimerMillis }: HealthFacts): Finding {
  const found = `at most ${latestTimerMillis.toFixed(1)} ms late`;
  if (latestTimerMillis <= limits.timerMillis) return fine('timers', found);
  return {
    subject: 'timers',
    state: 'weakens',
    found,
    spoils: 'Revocation latency and exposure are no finer than that.',
    remedy: 'The same as for other load and the hypervisor.',
  };
}

function diskFinding({ freeDiskBytes }: HealthFacts): Finding {
  const found = `${gibibytes(freeDiskBytes)} GiB free for temporary files`;
  if (freeDiskBytes >= limits.diskBytes) return fine('disk', found);
  return {
    subject: 'disk',
    state: 'weakens',
    found,
    spoils: 'Redis keeps its append-only file there; where it cannot, it takes no logins.',
    remedy: 'Make room, or set TMPDIR to a folder that has it.',
  };
}

function redisFinding({ redis }: HealthFacts): Finding {
  if ('fault' in redis) {
    return {
      subject: 'Redis',
      state: 'prevents',
      found: redis.fault,
      spoils: 'No run begins.',
      remedy: redis.remedy,
    };
  }
  const { server, version, source, appendonly, appendfsync } = redis.facts;
  const origin = {
    url: 'at the address given',
    binary: 'a program here, started for each run',
    docker: 'in a container',
  };
  const found = `${server} ${version}, ${origin[source]}`;
  if (appendonly === 'yes') return fine('Redis', `${found}; appendonly yes, appendfsync ${appendfsync}`);
  return {
    subject: 'Redis',
    state: 'weakens',
    found: `${found}; appendonly ${appendonly}`,
    spoils: 'It forgets revocations when it restarts, and logins cost less than where it keeps them.',
    remedy: 'CONFIG SET appendonly yes',
  };
}

function gibibytes(bytes: number): string {
  return (bytes / gibibyte).toFixed(1);
}
