/** The users' slot is moved to another master of the Cluster: for a while half of its keys are there, and half here. */

import { beyondStaleness, type Fault } from './fault.ts';

export const clusterSlotMoved: Fault = {
  title: 'a Cluster slot moved',
  deed: 'the slot of the users is moved to another master, and stands still half-way',
  source: 'row 65 (ASVS 16.5.2, 16.5.3); Redis documentation, "Redis cluster specification", on live reconfiguration',
  befalls: 'redis',
  concession: null,
  topology: 'cluster',
  replicas: 1,
  lastsMillis: beyondStaleness,
  async inflict({ cluster, realm }) {
    let finish: () => void = () => undefined;
    const isFinishing = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let moving: Promise<unknown> = Promise.resolve();
    await new Promise<void>((resolve, reject) => {
      moving = cluster.moveSlot(`{${realm}:0}`, () => {
        resolve();
        return isFinishing;
      });
      moving.catch(reject);
    });
    return async () => {
      finish();
      await moving;
    };
  },
};
