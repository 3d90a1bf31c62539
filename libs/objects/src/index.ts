export {
  ConditionFailed,
  InvalidObjectName,
  ObjectCorrupt,
  ObjectMissing,
  ObjectStore,
  type NamedObject,
  type PutCondition,
} from './object-store.js';
export { FsObjectStore } from './fs-object-store.js';
