// Hands on what the microphone hears, in its own thread.
registerProcessor("voice", class extends AudioWorkletProcessor {
  process([[channel]]) {
    if (channel) this.port.postMessage(channel.slice());
    return true;
  }
});
