import { describe, expect, it } from 'vitest';
import { labClaims } from './lab-claims.ts';
import { isRole, maximumRoles } from './roles.ts';

describe('labClaims', () => {
  it('knows its profiles', () => {
    expect(labClaims('minimal')).toEqual([]);
    expect(labClaims('roles-0')).toEqual([]);
    expect(labClaims('roles-3')).toEqual(['user', 'role-01', 'role-02']);
    expect(labClaims('permissions-27')?.slice(0, 2)).toEqual(['invoices:read', 'payments:read']);
    expect(labClaims('permissions-27')?.slice(25)).toEqual(['invoices:create', 'payments:create']);
    expect(labClaims('typical')).toEqual(expect.arrayContaining(['user', 'email:robin.whitfield@example.com']));
  });

  it.each(['minimal', 'typical', 'roles-1', 'roles-200', 'permissions-200'])(
    'gives %s what a user may have',
    (name) => {
      const claims = labClaims(name) ?? ['no profile'];
      expect(claims.every(isRole)).toBe(true);
      expect(new Set(claims).size).toBe(claims.length);
      expect(claims.length).toBeLessThanOrEqual(maximumRoles);
      if (/\d/.test(name)) expect(claims).toHaveLength(Number(name.split('-')[1]));
    },
  );

  it.each([
    '',
    'roles',
    'roles-',
    'roles-201',
    'roles-01',
    'roles--1',
    'permissions-1e2',
    'Minimal',
    'typical ',
    'roles-1\n',
  ])('does not know %j', (name) => {
    expect(labClaims(name)).toBeNull();
  });
});
