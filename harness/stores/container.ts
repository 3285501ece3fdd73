/** A store's server as a container, by testcontainers: for machines with Docker and a registry that is reached. */
import { freePorts } from '../environments/controlplane/free-ports.ts';

export interface StoreContainer {
  readonly image: string;
  /** Inside the container. */
  readonly port: number;
  /** In its output, when it is ready: a look at the port from inside would need a shell there. */
  readonly readyLine: RegExp;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunningContainer {
  /** `127.0.0.1:port`; the same after a restart, so that a server that comes back is found again. */
  readonly address: string;
  /** Ends it at once, and starts it again on what it has on disk. */
  killAndStart(whileAway?: () => Promise<void>): Promise<void>;
  end(): Promise<void>;
}

/** Pulls the image when it is missing; rejects with Docker's words when there is no Docker or no such image. */
export async function beginContainer({
  image,
  port,
  readyLine,
  command = [],
  environment = {},
}: StoreContainer): Promise<RunningContainer> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
  const [host = 0] = await freePorts(1);
  const container = await new GenericContainer(image)
    .withExposedPorts({ container: port, host })
    .withCommand([...command])
    .withEnvironment({ ...environment })
    .withWaitStrategy(Wait.forLogMessage(readyLine))
    .start();
  return {
    address: `127.0.0.1:${host}`,
    async killAndStart(whileAway) {
      // Past the object that the library gave: that one stops only once.
      const runtime = (await getContainerRuntimeClient()).container;
      const same = runtime.getById(container.getId());
      await runtime.stop(same, { timeout: 0 });
      await whileAway?.();
      await runtime.start(same);
    },
    end: async () => void (await container.stop()),
  };
}
