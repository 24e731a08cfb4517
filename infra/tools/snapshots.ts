// `npm run infra:snapshots`: writes anew what each parameter file would deploy. Look at the difference before you
// commit.
import { fileURLToPath } from 'node:url';
import { bicep } from './bicep.ts';

export const PARAMS = fileURLToPath(new URL('../params/', import.meta.url));
/** The examples that come with the project. Files of one's own, in `params/own`, have no snapshot and no test. */
export const PARAMETER_FILES = ['dev.bicepparam', 'prod.bicepparam', 'prod-private.bicepparam'];

// Any subscription will do, but it must always be the same: derived names depend on it.
const SUBSCRIPTION = '00000000-0000-0000-0000-000000000001';
const TENANT = '00000000-0000-0000-0000-000000000002';

/** The arguments of `bicep snapshot` for a parameter file. */
export const snapshotOf = (file: string, mode: 'overwrite' | 'validate') => [
  'snapshot',
  file,
  '--mode',
  mode,
  '--subscription-id',
  SUBSCRIPTION,
  '--tenant-id',
  TENANT,
  '--location',
  'francecentral',
];

if (import.meta.main) {
  for (const file of PARAMETER_FILES) {
    const { status, stderr } = await bicep(snapshotOf(file, 'overwrite'), PARAMS);
    console.log(status === 0 ? `${file}: written` : `${file}: failed\n${stderr}`);
    if (status !== 0) process.exitCode = 1;
  }
}
