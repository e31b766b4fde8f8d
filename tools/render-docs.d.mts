export function withExamples(text: string): string;
