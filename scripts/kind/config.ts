/** kind-config.yaml for one cluster: its name, and ports of this machine of its own. */
import { parse, stringify } from 'yaml';
import { DEFAULT_CLUSTER } from '../../harness/environments/kind/state.ts';

interface PortMapping {
  containerPort: number;
  hostPort: number;
  listenAddress?: string;
}

interface KindConfig {
  name?: string;
  nodes: { role: string; extraPortMappings?: PortMapping[] }[];
}

/** Ports that the services have in the node (`deploy/kind`). */
export const NODE_PORTS = { gateway: 30080, content: 30081 } as const;

/** The ports that the file names, of the services. */
export function portsOf(text: string): { gateway: number; content: number } {
  const mappings = mappingsOf(parse(text) as KindConfig);
  const hostPort = (containerPort: number) => {
    const mapping = mappings.find((each) => each.containerPort === containerPort);
    if (!mapping) throw new TypeError(`kind-config.yaml maps no port to ${containerPort}`);
    return mapping.hostPort;
  };
  return { gateway: hostPort(NODE_PORTS.gateway), content: hostPort(NODE_PORTS.content) };
}

/** The default cluster has the ports that the file names, so that they can be known by heart; others have free ones. */
export function hasFixedPorts(name: string): boolean {
  return name === DEFAULT_CLUSTER;
}

/** The file with the cluster's name and ports. */
export function render(
  text: string,
  name: string,
  ports: { readonly gateway: number; readonly content: number },
): string {
  const config = parse(text) as KindConfig;
  config.name = name;
  for (const mapping of mappingsOf(config)) {
    if (mapping.containerPort === NODE_PORTS.gateway) mapping.hostPort = ports.gateway;
    if (mapping.containerPort === NODE_PORTS.content) mapping.hostPort = ports.content;
  }
  return stringify(config);
}

function mappingsOf({ nodes }: KindConfig): PortMapping[] {
  return nodes.flatMap(({ extraPortMappings = [] }) => extraPortMappings);
}
