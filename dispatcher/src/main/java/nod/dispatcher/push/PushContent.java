package nod.dispatcher.push;

/** What a push brings to a phone. */
public sealed interface PushContent permits MobilePrompt, PromptToSeal, DeviceAdded {}
