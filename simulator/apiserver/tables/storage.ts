/** Tables of volumes and of what describes them. Source: upstream pkg/printers/internalversion. */
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { isRecord, listAt, recordAt, textAt } from '../json.ts';
import { ageColumn, column, orNone, type Printer, wide } from './columns.ts';
import { orUnset, printer } from './printer.ts';

const modes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

const volumePrinter = printer(
  [
    column('Capacity', 'Its size.'),
    column('Access Modes', 'How it may be mounted.'),
    column('Reclaim Policy', 'What becomes of it when its claim has gone.'),
    column('Status', 'Phase.'),
    column('Claim', 'The claim that it is bound to.'),
    column('StorageClass', 'Class of storage.'),
    column('VolumeAttributesClass', 'Class of attributes.'),
    column('Reason', 'Why it is in this phase.'),
    ageColumn,
    wide('VolumeMode', 'Kind of volume.'),
  ],
  ({ metadata }, { spec, status, age }) => {
    const claim = recordAt(spec, 'claimRef');
    const terminating = isRecord(metadata) && metadata.deletionTimestamp !== undefined;
    return [
      textAt(spec.capacity, 'storage'),
      listAt(spec, 'accessModes')
        .map((mode) => modes[String(mode)] ?? String(mode))
        .join(','),
      textAt(spec, 'persistentVolumeReclaimPolicy'),
      terminating ? 'Terminating' : textAt(status, 'phase'),
      claim.name === undefined ? '' : `${textAt(claim, 'namespace')}/${textAt(claim, 'name')}`,
      textAt(spec, 'storageClassName'),
      orUnset(spec.volumeAttributesClassName, '<unset>'),
      textAt(status, 'reason'),
      age,
      orUnset(spec.volumeMode, '<unset>'),
    ];
  },
);

const driverPrinter = printer(
  [
    column('AttachRequired', 'Whether volumes are attached first.', 'boolean'),
    column('PodInfoOnMount', 'Whether it is told of the pod.', 'boolean'),
    column('StorageCapacity', 'Whether it says how much room there is.', 'boolean'),
    column('TokenRequests', 'Audiences of the tokens that it gets.'),
    column('RequiresRepublish', 'Whether it is called again and again.', 'boolean'),
    column('Modes', 'Lives of its volumes.'),
    ageColumn,
  ],
  (_object, { spec, age }) => [
    spec.attachRequired !== false,
    spec.podInfoOnMount === true,
    spec.storageCapacity === true,
    orUnset(
      listAt(spec, 'tokenRequests')
        .map((each) => textAt(each, 'audience'))
        .join(',') || undefined,
      '<unset>',
    ),
    spec.requiresRepublish === true,
    orNone(listAt(spec, 'volumeLifecycleModes').join(',')),
    age,
  ],
);

const driversOfNodePrinter = printer(
  [column('Drivers', 'How many drivers the node has.', 'integer'), ageColumn],
  (_object, { spec, age }) => [listAt(spec, 'drivers').length, age],
);

const storageClassPrinter = printer(
  [
    column('Provisioner', 'Who makes volumes.'),
    column('ReclaimPolicy', 'What becomes of a volume when its claim has gone.'),
    column('VolumeBindingMode', 'When a volume is chosen.'),
    column('AllowVolumeExpansion', 'Whether volumes may grow.'),
    ageColumn,
  ],
  (object, { age }) => [
    textAt(object, 'provisioner'),
    textAt(object, 'reclaimPolicy'),
    textAt(object, 'volumeBindingMode'),
    object.allowVolumeExpansion === true,
    age,
  ],
);

const attachmentPrinter = printer(
  [
    column('Attacher', 'Who attaches.', 'string', 'name'),
    column('PV', 'The volume.'),
    column('Node', 'Where to.'),
    column('Attached', 'Whether it is done.', 'boolean'),
    ageColumn,
  ],
  (_object, { spec, status, age }) => [
    textAt(spec, 'attacher'),
    textAt(spec.source, 'persistentVolumeName'),
    textAt(spec, 'nodeName'),
    status.attached === true,
    age,
  ],
);

const attributesPrinter = printer(
  [column('DriverName', 'The driver that knows them.'), ageColumn],
  (object, { age }) => [textAt(object, 'driverName'), age],
);

/** By group and kind. */
export const storagePrinters: Readonly<Record<string, Printer<KubernetesObject>>> = {
  '/PersistentVolume': volumePrinter,
  'storage.k8s.io/CSIDriver': driverPrinter,
  'storage.k8s.io/CSINode': driversOfNodePrinter,
  'storage.k8s.io/StorageClass': storageClassPrinter,
  'storage.k8s.io/VolumeAttachment': attachmentPrinter,
  'storage.k8s.io/VolumeAttributesClass': attributesPrinter,
};
