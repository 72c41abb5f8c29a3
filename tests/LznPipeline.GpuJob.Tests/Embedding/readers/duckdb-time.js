// Runs each line of standard input as SQL on one thread, in one in-memory database, and prints the milliseconds that each took.
import { DuckDBInstance } from '@duckdb/node-api'
import { readFileSync } from 'node:fs'

const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
const connection = await instance.connect()
for (const sql of readFileSync(0, 'utf8').split('\n').filter(line => line.trim())) {
  const start = performance.now()
  await connection.runAndReadAll(sql)
  console.log(performance.now() - start)
}
