// Records a voice until it is stopped, for three minutes at most.

import { RATE, SECONDS, wav } from "./wav.js";

async function tap(context, source, heard) {
  if (context.audioWorklet) {
    await context.audioWorklet.addModule(new URL("voice-worklet.js", import.meta.url));
    const node = new AudioWorkletNode(context, "voice", { numberOfInputs: 1, numberOfOutputs: 0 });
    node.port.onmessage = ({ data }) => heard(data);
    source.connect(node);
    return;
  }
  // Old phones have only this.
  const node = context.createScriptProcessor(4096, 1, 1);
  node.onaudioprocess = ({ inputBuffer }) => heard(inputBuffer.getChannelData(0).slice());
  source.connect(node);
  node.connect(context.destination);
}

// At our own rate where the browser can; some cannot listen at another rate than the microphone's.
function listening(stream) {
  try {
    const context = new AudioContext({ sampleRate: RATE });
    return { context, source: context.createMediaStreamSource(stream) };
  } catch {
    const context = new AudioContext();
    return { context, source: context.createMediaStreamSource(stream) };
  }
}

// `tick(seconds)` while it runs, `full()` when three minutes are over. `stop()` resolves to the file.
export async function record({ tick, full }) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
  const { context, source } = listening(stream);
  const chunks = [];
  let count = 0;
  let over = false;
  const end = async () => {
    over = true;
    stream.getTracks().forEach((track) => track.stop());
    if (context.state !== "closed") await context.close();
  };
  try {
    await tap(context, source, (samples) => {
      if (over) return;
      chunks.push(samples);
      count += samples.length;
      tick(Math.floor(count / context.sampleRate));
      if (count >= SECONDS * context.sampleRate) full();
    });
  } catch (error) {
    await end();
    throw error;
  }
  return {
    stop: async () => {
      const rate = context.sampleRate;
      await end();
      return new Blob([wav(chunks, rate)], { type: "audio/wav" });
    },
    drop: end,
  };
}
