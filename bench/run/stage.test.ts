/** What the nodes of a run are asked to be. */

import { describe, expect, it } from 'vitest';
import type { LabNode, NodeRequest } from '../environment/environment.ts';
import { scenarioSchema } from '../scenario/schema.ts';
import type { Lab } from './lab.ts';
import { Stage } from './stage.ts';

function stageWithRequests() {
  const requests: NodeRequest[] = [];
  const startNode = async (request: NodeRequest) => {
    requests.push(request);
    return { baseUrl: 'http://127.0.0.1:1' } as LabNode;
  };
  const scenario = scenarioSchema.parse({ name: 'toy', question: '?', strategies: ['jwt-hs256'], revocation: {} });
  const lab = { scenario, environment: { startNode }, realm: 'toy', nodeDefaults: {} } as unknown as Lab;
  return { stage: new Stage(lab), requests };
}

describe('a node of a run', () => {
  it('that stands alone or under load issues what outlasts any run', async () => {
    const { stage, requests } = stageWithRequests();
    await stage.standing('jwt-hs256');
    await stage.pair('jwt-hs256');
    expect(requests.map(({ strategies }) => strategies[0]).sort()).toEqual(['jwt-hs256', 'jwt-hs256', 'none']);
    for (const { accessTokenLifetimeSeconds } of requests) expect(accessTokenLifetimeSeconds).toBe(86_400);
  });

  it('whose credentials are waited for issues them for as long as it is told', async () => {
    const { stage, requests } = stageWithRequests();
    await stage.expiring('jwt-hs256', 3);
    for (const { accessTokenLifetimeSeconds, sessionLifetimeSeconds } of requests)
      expect([accessTokenLifetimeSeconds, sessionLifetimeSeconds]).toEqual([3, 3]);
    expect(requests).toHaveLength(2);
  });
});
