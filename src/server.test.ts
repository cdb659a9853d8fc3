/** The server's command line: every option reaches the setting it is named after. */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { type SettingName, settings } from './config/settings.ts';
import { flagName, type Setting } from './kernel/settings-layers.ts';
import { parseServeFlags } from './server.ts';

const rows = Object.entries<Setting<unknown>>(settings) as [SettingName, Setting<unknown>][];
const onCommandLine = rows.filter(([, { except }]) => !except?.includes('flag'));

describe('parseServeFlags', () => {
  afterEach(() => void vi.restoreAllMocks());

  it.each(onCommandLine.map(([name, { reads }]) => [flagName(name), name, reads] as const))(
    '%s',
    (flag, name, reads) => {
      const parsed = parseServeFlags(reads === 'switch' ? [flag] : [flag, 'some text']);
      expect(parsed).toMatchObject({ ok: true, value: { [name]: reads === 'switch' ? true : 'some text' } });
    },
  );

  it('takes a file, and nothing when there is nothing', () => {
    expect(parseServeFlags(['--config', 'lab.yaml'])).toMatchObject({ ok: true, value: { config: 'lab.yaml' } });
    expect(parseServeFlags([])).toEqual({ ok: true, value: {}, rest: [] });
  });

  it.each([[['--prot', '1']], [['--port']], [['stray']], [['--secret', 'hunter2']], [['--secret=hunter2']]])(
    'refuses %j with exit code 2, without repeating values',
    (argv) => {
      const stderr = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
      expect(parseServeFlags(argv)).toEqual({ ok: false, exitCode: 2 });
      expect(stderr).toHaveBeenCalled();
      expect(JSON.stringify(stderr.mock.calls)).not.toContain('hunter2');
    },
  );
});
