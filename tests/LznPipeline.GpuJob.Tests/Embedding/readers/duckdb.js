// Runs the SQL given on standard input and prints the rows of its last statement, one JSON array a line.
import { DuckDBInstance } from '@duckdb/node-api'
import { readFileSync } from 'node:fs'
import { toJson } from './json.js'

const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
const connection = await instance.connect()
const reader = await connection.runAndReadAll(readFileSync(0, 'utf8'))
for (const row of reader.getRowsJS()) console.log(JSON.stringify(toJson(row)))
