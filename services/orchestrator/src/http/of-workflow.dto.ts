import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

export class OfWorkflowQuery {
  @ApiPropertyOptional({ example: 'duoradio', description: 'Only those of this workflow, in any version' })
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9-]{0,199}$/, { message: 'workflow must be an id such as duoradio' })
  workflow?: string;
}
