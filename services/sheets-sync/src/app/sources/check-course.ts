import { CourseDefinition } from '@duofactory/contracts';
import { schemaFaults, type FieldError } from '@duofactory/platform';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { invalidSource } from './source-problems.js';

const validate = new Ajv2020({ allErrors: true, strict: false }).compile(CourseDefinition);

/** The document as a course, or Problem `invalid-course` that names the fields. */
export function checkCourse(id: string, document: unknown): CourseDefinition {
  const errors: FieldError[] = validate(document) ? [] : schemaFaults(validate.errors);
  if (errors.length === 0) {
    const course = document as CourseDefinition;
    if (course.id !== id)
      errors.push({ field: 'id', message: `The path says "${id}", the document "${course.id}"` });
    const twice = course.units.find((unit, i) => course.units.findIndex((one) => one.id === unit.id) !== i);
    if (twice) errors.push({ field: 'units', message: `Two units have the id "${twice.id}"` });
    if (errors.length === 0) return course;
  }
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  throw invalidSource('invalid-course', detail, errors);
}
