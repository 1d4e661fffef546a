/** What the rpc needs of a transport. Messages arrive whole and in order, or the port closes. */
export interface Port {
  /** Sends one structured-cloneable message; does nothing once the port is closed. */
  send(message: unknown): void;
  /** Registers the only message listener. Messages that came earlier are delivered first. */
  onMessage(listener: (message: unknown) => void): void;
  /** Registers a listener for the end of the port, whichever side ended it; called once. */
  onClose(listener: () => void): void;
  close(): void;
}
