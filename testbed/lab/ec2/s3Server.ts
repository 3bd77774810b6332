/** The lab's stand-in for S3: gives machines the objects that their roles may read. Plain HTTP. Run by services.ts in the router. */
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { Account } from "./account";
import { S3_ADDRESS, S3_PORT } from "./addresses";
import { accountFile, objectsFolder } from "./folders";
import { objectRefusal } from "./s3Policy";

const [directory = ""] = process.argv.slice(2);

const server = createServer((request, response) => {
  const answer = (status: number, text: string) => {
    console.log(`${request.socket.remoteAddress ?? ""} ${request.url ?? ""} ${status} ${text}`);
    response.writeHead(status).end(`${text}\n`);
  };
  const [, bucket = "", key = ""] = /^\/([^/]+)\/(.+)$/.exec(decodeURIComponent(request.url ?? "")) ?? [];
  const account = Account.read(accountFile(directory));
  if (request.method !== "GET" || account === undefined) {
    answer(405, "MethodNotAllowed");
    return;
  }
  const refusal = objectRefusal(account, request.socket.remoteAddress ?? "", bucket, key);
  if (refusal !== undefined) {
    answer(403, `AccessDenied: ${refusal}`);
    return;
  }
  const file = join(objectsFolder(directory), bucket, key);
  if (account.find("Object", `${bucket}/${key}`) === undefined || !existsSync(file)) {
    answer(404, "NoSuchKey");
    return;
  }
  response.writeHead(200);
  createReadStream(file).pipe(response);
  console.log(`${request.socket.remoteAddress ?? ""} ${request.url ?? ""} 200`);
});
server.listen(S3_PORT, S3_ADDRESS, () => {
  console.log("listening");
});
