/** Where strategies are attacked: two nodes whose keys the lab knows, one of another realm, and one with people and limits. */

import { createPrivateKey, createSecretKey, generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemRandomBytes } from '../../src/kernel/random.ts';
import type { CataloguedAttack } from '../attacks/attack.ts';
import type { Signer, SignerAlgorithm } from '../attacks/signer.ts';
import type { TryOptions } from '../attacks/try-attack.ts';
import { createLabSecrets } from '../environment/secrets.ts';
import type { AttackGroup } from '../record/attack-events.ts';
import { type Contestant, userName } from '../workload/contestant.ts';
import type { Lab } from './lab.ts';
import { shortLeewaySeconds } from './lifetimes.ts';
import type { Stage } from './stage.ts';

export type Place = 'here' | 'elsewhere' | 'people';

export interface Grounds {
  readonly leewayMillis: number;
  contestant(name: string, place: Place): Promise<Contestant>;
  /** Null for what no node signs tokens with. */
  signerOf(algorithm: string | undefined): Signer | null;
  /** Names and addresses that nothing else uses. */
  strangers(ground: CataloguedAttack['ground']): Pick<TryOptions, 'nextUser' | 'nextSource'>;
}

/** Users under attack: none that another step uses. */
const firstUser = 710_000;
/** In the file: as many as every attack on every strategy may take. */
const filedUsers = 2_000;

/** Nodes are started when first asked for. */
export function openGrounds(lab: Lab, stage: Stage, group: AttackGroup, accessTokenLifetimeSeconds: number): Grounds {
  const { privateKey: curve } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { privateKey: edwards } = generateKeyPairSync('ed25519');
  const pem = (key: typeof curve) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
  const request = (place: Place) => ({ realm: `${lab.realm}-attack-${group}-${place}`, accessTokenLifetimeSeconds });
  const shared = createSecretKey(systemRandomBytes(32));
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  const signingKeys = {
    hs256: shared.export().toString('base64url'),
    es256: pem(curve),
    ed25519: pem(edwards),
    ps256: pem(rsa),
  };
  const keys: Readonly<Record<SignerAlgorithm, Signer['key']>> = {
    RS256: createPrivateKey(lab.secrets.rs256PrivateKeyPem),
    ES256: curve,
    Ed25519: edwards,
    PS256: rsa,
    HS256: shared,
  };
  const secrets = createLabSecrets(systemRandomBytes, 2_048);
  const usersFile = writeUsersFile(lab);
  const taken = { all: 0, people: 0, sources: 0 };
  return {
    leewayMillis: 1_000 * shortLeewaySeconds,
    async contestant(name, place) {
      if (place === 'here') return stage.underAttack(name, 'attack', { ...request(place), signingKeys }, 2);
      if (place === 'elsewhere')
        return stage.underAttack(name, 'attack-elsewhere', { ...request(place), secrets: await secrets });
      return stage.underAttack(name, 'attack-people', { ...request(place), usersFile: await usersFile });
    },
    signerOf(algorithm) {
      const name = algorithm as SignerAlgorithm;
      const key: Signer['key'] | undefined = keys[name];
      return key === undefined ? null : { algorithm: name, key };
    },
    strangers: (ground) => ({
      nextUser: () => userName(firstUser + taken[ground ?? 'all']++),
      nextSource() {
        const number = taken.sources++;
        return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
      },
    }),
  };
}

/** Of the password that every lab user has, with argon2id, 19 MiB and two passes: one hash for all takes no time to make. */
const passwordHash =
  '$argon2id$v=19$m=19456,t=2,p=1$sd6olMq0F/3G5fSFPsDR+A$ekLQjae1hnaWb79lu66Ex+X7uoSs1kXAuv2Ix3ZQPDI';

async function writeUsersFile({ environment }: Lab): Promise<string> {
  const path = join(environment.supervisor.folder, 'attacked-users.yaml');
  const lines = Array.from(
    { length: filedUsers },
    (_, index) => `  - {username: ${userName(firstUser + index)}, passwordHash: "${passwordHash}", roles: [user]}\n`,
  );
  await writeFile(path, `users:\n${lines.join('')}`);
  return path;
}
