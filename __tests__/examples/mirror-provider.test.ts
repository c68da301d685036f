import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const SCRIPT = resolve(__dirname, '../../examples/pipeline/mirror-provider.sh');

/** Installs what the configuration in the given folder asks for, as a link into a cache, which is what Terraform does with one. */
const TERRAFORM = `#!/bin/sh
folder=\${1#-chdir=}
version=$(sed -n 's/.*version = "\\(.*\\)".*/\\1/p' "$folder/main.tf")
[ "$version" != 0.0.1 ] || { echo 'no such version' >&2; exit 1; }
mkdir -p "$CACHE" "$folder/.terraform/providers/registry.terraform.io/hashicorp/aws/$version"
echo "provider $version" > "$CACHE/provider"
ln -s "$CACHE" "$folder/.terraform/providers/registry.terraform.io/hashicorp/aws/$version/linux_amd64"
echo 'Terraform has been successfully initialized!'
`;

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'mirror-provider-')));
  writeFileSync(join(folder, 'terraform'), TERRAFORM);
  chmodSync(join(folder, 'terraform'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

const mirror = (version: string) =>
  spawnSync('bash', [SCRIPT, version, 'mirror'], {
    encoding: 'utf8',
    cwd: folder,
    env: { PATH: `${folder}:${process.env['PATH']}`, CACHE: join(folder, 'cache') },
  });

describe('The mirror of the provider', () => {
  it('holds one version, a copy of its own, and is found by what is printed', () => {
    expect(mirror('5.100.0')).toMatchObject({ status: 0, stdout: `TF_CLI_CONFIG_FILE=${folder}/mirror/terraformrc\n` });
    rmSync(join(folder, 'cache'), { recursive: true });
    const kept = join(folder, 'mirror/registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64/provider');
    expect(readFileSync(kept, 'utf8')).toBe('provider 5.100.0\n');
    expect(readFileSync(join(folder, 'mirror/terraformrc'), 'utf8')).toContain(`path    = "${folder}/mirror"`);
  });

  it('is not begun with a version that there is not', () => {
    const { status, stdout, stderr } = mirror('0.0.1');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('no such version');
  });
});
