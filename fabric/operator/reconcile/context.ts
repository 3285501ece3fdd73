/** What every action of the operator works with. */
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import type { EventRecorder } from '../../../kubernetes/event-recorder.ts';
import type { WorkQueue } from '../../../kubernetes/work-queue.ts';
import type { World } from '../../../world/world.ts';
import type { ClusterView } from '../cluster-view.ts';
import type { PodLogShipper } from '../logs/run-shipping.ts';
import type { ReportQueue } from '../report/queue.ts';
import type { Settings } from '../settings.ts';
import type { RunBook } from './run-book.ts';
import type { StatusWriter } from './status-writer.ts';
import type { WrittenCronJobs } from './written-cronjobs.ts';

export interface Context {
  readonly world: World;
  readonly client: KubernetesClient;
  readonly settings: Settings;
  readonly view: ClusterView;
  readonly recorder: EventRecorder;
  readonly runs: RunBook;
  readonly statuses: StatusWriter;
  readonly writtenCronJobs: WrittenCronJobs;
  /** Planned starts that nobody has an explanation for yet, by the Task's uid (epoch ms). */
  readonly lateStarts: Map<string, { readonly plannedAt: number; readonly noticedAt: number }>;
  /** Uids of objects whose removal was asked for and that the view may still show. */
  readonly removed: Set<string>;
  /** Keys of Tasks. */
  readonly taskQueue: WorkQueue;
  /** Keys of Jobs. */
  readonly runQueue: WorkQueue;
  /** Absent without a gateway. */
  readonly reports?: ReportQueue;
  /** Absent without managed content. */
  readonly shipper?: PodLogShipper;
  readonly contentUrl?: string;
}
