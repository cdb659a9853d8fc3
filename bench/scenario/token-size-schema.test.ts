import { describe, expect, it } from 'vitest';
import { labClaims } from '../../src/identity/lab-claims.ts';
import { claimProfiles, claimsText, tokenSizeSchema } from './token-size-schema.ts';

const profilesOf = (plan: unknown) => claimProfiles(tokenSizeSchema.parse(plan));

describe('claim profiles of a scenario', () => {
  it('are 1 and 20 roles unless it says others', () => {
    expect(profilesOf({})).toEqual(['roles-1', 'roles-20']);
    expect(claimProfiles(undefined)).toEqual([]);
  });

  it('are those of either list, or of both, each once', () => {
    expect(profilesOf({ roles: [3] })).toEqual(['roles-3']);
    expect(profilesOf({ profiles: ['typical'] })).toEqual(['typical']);
    expect(profilesOf({ roles: [1, 3], profiles: ['minimal', 'roles-3'] })).toEqual(['roles-1', 'roles-3', 'minimal']);
  });

  it('are those that the servers of the lab know', () => {
    const names = ['minimal', 'typical', 'full', 'roles', 'Typical', ''];
    const counts = ['0', '1', '01', '9', '10', '99', '100', '199', '200', '201', '1000', '-1', '1.5'];
    const counted = counts.flatMap((count) => [`roles-${count}`, `permissions-${count}`]);
    for (const profile of [...names, ...counted]) {
      const accepted = tokenSizeSchema.safeParse({ profiles: [profile] }).success;
      expect([profile, accepted]).toEqual([profile, labClaims(profile) !== null]);
    }
  });

  it('are told in words', () => {
    expect(['roles-1', 'roles-20', 'permissions-0', 'typical'].map(claimsText)).toEqual([
      '1 role',
      '20 roles',
      '0 permissions',
      'typical',
    ]);
  });
});
