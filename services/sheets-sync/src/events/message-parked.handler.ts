import { Controller } from '@nestjs/common';
import { messageParkedV1, runRequestedV1, type CloudEvent, type MessageParked } from '@duofactory/contracts';
import { Consumes } from '@duofactory/messaging';
import { RefusedRows } from '../app/watches/refused-rows.js';

const SOURCE = '/duofactory/sheets-sync';

/** A run that a watched row asked for is refused. What others asked for is passed over; a second delivery changes nothing. */
@Controller()
export class MessageParkedHandler {
  constructor(private readonly refused: RefusedRows) {}

  @Consumes(messageParkedV1, { fromBeginning: true })
  async handle({ data }: CloudEvent<MessageParked>): Promise<void> {
    const { topic, headers, errorCode: code, errorMessage: message } = data;
    const { ce_id: event, ce_source: source } = headers;
    if (topic !== runRequestedV1.topic || source !== SOURCE || !isUuid(event)) return;
    await this.refused.keep(event, { code, message });
  }
}

/** Whoever says that it is ours may say anything. */
function isUuid(id: string | undefined): id is string {
  return id !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}
