// A body of the trace, as far as the alternatives read it.
export interface AnnouncedUser {
  readonly id: number;
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string | null;
  readonly phone_number: string | null;
  readonly birth_date: string | null;
  readonly responsible?: AnnouncedUser | null;
}

interface Body {
  readonly meta: { readonly model: 'Rdv' | 'User' | 'UserProfile'; readonly event: string };
  readonly data: {
    readonly id: number;
    readonly starts_at?: string;
    readonly ends_at?: string;
    readonly motif?: { readonly name: string };
    readonly agents?: readonly { readonly email: string | null }[];
    readonly participations?: readonly { readonly user: AnnouncedUser }[];
    readonly user?: AnnouncedUser;
  };
}

export interface Announced extends Body {
  /** Everybody it is about, each once, responsibles first. */
  readonly people: readonly AnnouncedUser[];
}

export function readAnnounced(text: string): Announced {
  const body: Body = JSON.parse(text);
  const named =
    body.meta.model === 'User'
      ? [body.data as unknown as AnnouncedUser]
      : [...(body.data.participations?.map(({ user }) => user) ?? []), ...(body.data.user ? [body.data.user] : [])];
  const everyone = named.flatMap((user) => [...(user.responsible ? [user.responsible] : []), user]);
  return { ...body, people: [...new Map(everyone.map((user) => [user.id, user])).values()] };
}
