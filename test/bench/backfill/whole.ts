// Brings a département over, and prints how it went. Run by ../backfill.ts.
import { given, tell } from '../child.ts';
import { bringOver, type DepartementCase } from './departement.ts';

const options = given<Omit<DepartementCase, 'say'>>();
tell(await bringOver({ ...options, say: (line) => console.error(`  ${line}`) }));
