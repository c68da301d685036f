import type { Place } from '../naming';
import type { Expression } from '../policy-document';

/** Where the console of a Region is, by partition: `https://<region>.<host>`. */
const CONSOLE_HOSTS = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
} as const;

/** The page of the console that opens a notebook instance in JupyterLab. */
const PAGE = (region: string, host: string, notebook: string) =>
  `https://${region}.${host}/sagemaker/home?region=${region}#/notebook-instances/openNotebook/${notebook}?view=lab`;

/** The address that opens a notebook instance, for whoever is signed in to the console under a role that may. */
export const notebookUri = (
  { partition, region }: Pick<Place, 'region'> & { partition: keyof typeof CONSOLE_HOSTS },
  notebook: string,
): string => PAGE(region, CONSOLE_HOSTS[partition], notebook);

/** The same of Terraform expressions. */
export const notebookUriExpression = ({ partition, region }: Omit<Place, 'account'>, notebook: string): Expression => ({
  text: `format(${JSON.stringify(PAGE('%[1]s', '%[2]s', '%[3]s'))}, ${region}, lookup(${JSON.stringify(CONSOLE_HOSTS)}, ${partition}), ${notebook})`,
  known: false,
});
