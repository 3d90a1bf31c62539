import { TextInput } from '@mantine/core';

/** What rows do not say of a course. */
export interface CourseHead {
  readonly title: string;
  readonly language: string;
  readonly from: string;
}

export const EMPTY_HEAD: CourseHead = { title: '', language: '', from: '' };

const FIELDS = [
  { field: 'title', label: 'Title', description: 'What the course is called' },
  { field: 'language', label: 'Language', description: 'That is learned, such as es' },
  { field: 'from', label: 'From', description: 'The language of the learner, such as en' },
] as const;

/** Which columns the rows of course data have: the same for a file and for a sheet. */
export const COURSE_COLUMNS =
  'A row is a word, a sentence or a slot of a unit. Columns: unit, name, level, kind, text, translation; and, where there is any, objective, scene, speaker, slot, show.';

interface CourseHeadFieldsProps {
  readonly head: CourseHead;
  readonly onHead: (head: CourseHead) => void;
  readonly faultOf: (field: keyof CourseHead) => string | undefined;
}

export function CourseHeadFields({ head, onHead, faultOf }: CourseHeadFieldsProps) {
  return (
    <>
      {FIELDS.map(({ field, label, description }) => (
        <TextInput
          key={field}
          label={label}
          description={description}
          value={head[field]}
          onChange={({ currentTarget: { value } }) => onHead({ ...head, [field]: value })}
          error={faultOf(field)}
        />
      ))}
    </>
  );
}
