export {
  ConditionFailed,
  InvalidObjectName,
  ObjectCorrupt,
  ObjectMissing,
  ObjectStore,
  ObjectStoreAway,
  ObjectStoreRefused,
  ObjectUnfinished,
  objectOfHash,
  type NamedObject,
  type PutCondition,
} from './object-store.js';
export { FsObjectStore } from './fs-object-store.js';
export { S3ObjectStore, type S3Options } from './s3-object-store.js';
