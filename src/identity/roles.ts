/** What the name of a role may be, and how many of them a user may have. */

export const maximumRoles = 200;

const roleShape = /^[\x21-\x7e]{1,64}$/;

/** 1 to 64 printable ASCII characters without blanks. */
export function isRole(text: string): boolean {
  return roleShape.test(text);
}
