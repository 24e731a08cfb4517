// `node infra/package/check-tag.ts v1.2.3`: a release is called as what it holds calls itself.
import manifest from '../../package.json' with { type: 'json' };

const [, , tag = ''] = process.argv;
if (tag !== `v${manifest.version}`) {
  console.error(
    `The tag ${tag} does not name the version of package.json, ${manifest.version}: expected v${manifest.version}`,
  );
  process.exitCode = 1;
}
