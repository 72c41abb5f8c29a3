// Reads the parquet file FILE with hyparquet and prints its rows, one JSON array a line.
import { asyncBufferFromFile, parquetRead } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { toJson } from './json.js'

const file = await asyncBufferFromFile(process.argv[2])
await parquetRead({ file, compressors, utf8: false, onComplete: rows => rows.forEach(row => console.log(JSON.stringify(toJson(row)))) })
