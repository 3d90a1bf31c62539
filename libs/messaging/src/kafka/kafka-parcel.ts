import type { CloudEvent } from '@duofactory/contracts';
import { Parcel } from '../work/worker.js';
import type { RawRecord } from './dead-letter-record.js';
import type { OffsetEntry } from './offset-ledger.js';
import type { PartitionReader } from './partition-reader.js';

export class KafkaParcel extends Parcel implements OffsetEntry {
  readonly event: CloudEvent;
  readonly record: RawRecord;
  readonly reader: PartitionReader;
  settled = false;

  constructor(event: CloudEvent, record: RawRecord, reader: PartitionReader) {
    super();
    this.event = event;
    this.record = record;
    this.reader = reader;
  }

  get offset(): number {
    return this.record.offset;
  }

  /** All of a key is in one partition. */
  get lane(): number {
    return this.record.partition;
  }

  override get revoked(): boolean {
    return this.reader.ledger.revoked;
  }

  override get again(): boolean {
    return this.offset < this.reader.seenBelow;
  }

  acknowledge(): void {
    this.reader.settle(this);
  }
}
