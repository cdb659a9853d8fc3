/**
 * What is said of a lab user, by claim profile: how much a token, a cookie or a session carries. All of it are entries of the
 * one list that every strategy carries, `roles`: authlab's tokens have no other claim that an application could fill.
 */

const listed = /^(?<kind>roles|permissions)-(?<count>0|[1-9]\d{0,2})$/;
const maximumCount = 200;

/** Facts and roles of somebody at work, each as long as in a claim of its own, a colon in the place of the quotes. */
const typical = [
  'user',
  'editor',
  'name:Robin-Example-Whitfield',
  'email:robin.whitfield@example.com',
  'tenant:5f0c1d9e-8a34-4b7e-9d21-6c3b7a90e412',
];

const resources = [
  'invoices',
  'payments',
  'customers',
  'orders',
  'products',
  'shipments',
  'returns',
  'suppliers',
  'contracts',
  'reports',
  'budgets',
  'accounts',
  'users',
  'teams',
  'projects',
  'tasks',
  'documents',
  'templates',
  'calendars',
  'messages',
  'tickets',
  'webhooks',
  'settings',
  'exports',
  'audits',
];
const actions = ['read', 'create', 'update', 'delete', 'approve', 'share', 'archive', 'restore'];

/**
 * The entries of a profile: `minimal` none; `typical` two roles, a name, an address and a tenant; `roles-20` `user`,
 * `role-01` and so on; `permissions-50` the first of 200 like `invoices:read`. Null for any other text.
 */
export function labClaims(profile: string): readonly string[] | null {
  if (profile === 'minimal') return [];
  if (profile === 'typical') return typical;
  const found = listed.exec(profile)?.groups;
  if (found === undefined) return null;
  const count = Number(found.count);
  if (count > maximumCount) return null;
  return Array.from({ length: count }, (_, index) => (found.kind === 'roles' ? role(index) : permission(index)));
}

function role(index: number): string {
  return index === 0 ? 'user' : `role-${String(index).padStart(2, '0')}`;
}

/** Every resource once before any has a second action. */
function permission(index: number): string {
  return `${resources[index % resources.length]}:${actions[Math.floor(index / resources.length)]}`;
}
